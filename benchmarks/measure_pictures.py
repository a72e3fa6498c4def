"""Measure what a site's pictures cost a build: seconds and bytes for photographs as telephones take them.

    python -m benchmarks.measure_pictures --pictures 100 --megapixels 12

The photographs are made first, of grain and colour, each different; they pack worse than real ones. Nothing is left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import random
import resource
import tempfile
import time
from pathlib import Path

from PIL import Image

from benchmarks.measure_gate import machine
from review.render.shelf import AT_ONCE, PLACE, derive_all


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=100)
    parser.add_argument("--megapixels", type=float, default=12)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        originals, site = Path(name, "pictures"), Path(name, "site")
        originals.mkdir()
        attachments = [made(number, asked.megapixels, originals) for number in range(asked.pictures)]
        start, worked = time.perf_counter(), time.process_time()
        posts = [{"item": "content/news/a.md", "attachments": attachments}]
        found = derive_all(posts, originals, site, print, lambda _done, _total: None)
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        files = [path.stat().st_size for path in (site / PLACE).iterdir()]
    count, before = len(found), sum(int(str(one["size"])) for one in attachments)
    print(machine(), f"\n{count} pictures of {asked.megapixels:g} megapixels, {AT_ONCE} at once")
    print(
        f"{seconds:.1f} s, {seconds / count * 1000:.0f} ms each; {worked / count * 1000:.0f} ms of processor time each"
    )
    print(
        f"{before / count / 1000:.0f} KB each became {len(files) / count:.1f} copies, {sum(files) / count / 1000:.0f} KB"
    )
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB of memory")


def made(number: int, megapixels: float, folder: Path) -> dict[str, object]:
    """Write one photograph by its SHA-256, and return it as an attachment."""
    seed = random.Random(number)
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    size = (width, width * 3 // 4)
    coarse, fine = (Image.frombytes("RGB", (side, side), seed.randbytes(side * side * 3)) for side in (12, 700))
    picture = Image.blend(
        coarse.resize(size, Image.Resampling.BICUBIC), fine.resize(size, Image.Resampling.BICUBIC), 0.15
    )
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=90)
    data = target.getvalue()
    name = hashlib.sha256(data).hexdigest()
    (folder / name).write_bytes(data)
    return {"name": f"{number}.jpg", "size": len(data), "sha256": name, "withheld": False}


if __name__ == "__main__":
    main()
