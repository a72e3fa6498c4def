"""What things are. Frozen data without behaviour beyond its own consistency; imports only `errors`."""
