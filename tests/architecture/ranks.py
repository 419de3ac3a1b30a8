"""Reads the rank table of docs/architecture.md and finds the includes and headers that break it."""

import re
from pathlib import Path

ROW = re.compile(r"^\| `([a-z]+)` \| (\d+) \|", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
ARROW = re.compile(r"^(arrow|parquet)/")
# A kernel reads no file and no clock, and its caller holds the zone.
NOT_IN_KERNELS = re.compile(
    r"^(tickwerk/trace/|(chrono|cstdio|ctime|filesystem|fstream|iostream|sstream)$)")
OPENING_LINES = range(1, 7)


def read_ranks(document: Path) -> dict[str, int]:
    """Folder to rank, from the rows "| `name` | rank |" of the document."""
    ranks = {name: int(rank) for name, rank in ROW.findall(document.read_text())}
    if not ranks:
        raise ValueError(f"a rank table must stand in {document}: none found")
    return ranks


def sources(root: Path):
    for top in ("src/tickwerk", "src/cli"):
        yield from sorted(path for path in (root / top).rglob("*") if path.suffix in (".h", ".cpp"))


def violations(root: Path, ranks: dict[str, int]) -> list[str]:
    """One sentence for each broken rule, in the order of the files; empty when the tree keeps them."""
    found = []
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text()
        parts = name.split("/")
        folder = parts[2] if parts[1] == "tickwerk" else parts[1]
        if parts[1] == "tickwerk" and folder not in ranks:
            found.append(f"{name}: folder '{folder}' has no rank")
            continue
        for bracket, target in INCLUDE.findall(text):
            found += [f"{name}: {why}" for why in wrong_include(parts, folder, bracket, target, ranks)]
        if path.suffix == ".h":
            found += [f"{name}: {why}" for why in wrong_opening(name, text)]
    return found


def wrong_include(parts, folder, bracket, target, ranks):
    if ARROW.match(target) and folder != "io":
        yield f"only io includes Arrow: {target}"
    if folder == "kernel" and not re.search(r"_(test|bench)\.cpp$", parts[-1]):
        if NOT_IN_KERNELS.match(target):
            yield f"a kernel does no I/O, reads no clock and opens no zone: {target}"
    if bracket == '"' and not re.match(r"(tickwerk|cli)/", target):
        yield f"includes are full paths from tickwerk/ or cli/: {target}"
    if parts[1] != "tickwerk":
        return
    if target.startswith("cli/"):
        yield f"nothing below includes the command line: {target}"
    if not target.startswith("tickwerk/"):
        return
    used = target.split("/")[1]
    if used not in ranks:
        yield f"includes a folder without a rank: {target}"
    elif used != folder and ranks[used] >= ranks[folder]:
        yield f"rank {ranks[folder]} includes rank {ranks[used]}: {target}"


def wrong_opening(name, text):
    lines = text.splitlines()
    count = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    # What only tests include may draw its example.
    if name.endswith("_test.h") and count > 0:
        return
    if count not in OPENING_LINES:
        yield f"a header opens with one to six lines of comment: {count} found"
