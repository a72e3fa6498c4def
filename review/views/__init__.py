"""What people ask of a judged site: who has what, since when, who stands for it. Pure: no git, no files, no clock."""
