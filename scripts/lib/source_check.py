"""The command line that the checks of the source share: check_docs.py, check_layers.py, check_sql.py."""
import sys
from pathlib import Path


def main(name, usage, check_tree, self_test):
    """`check_tree(root)` and `self_test()` give a list of complaints and how much they looked at. Ends the process."""
    if sys.argv[1:] == ["--self-test"]:
        complaints, count = self_test()
    elif sys.argv[1:]:
        sys.exit(usage)
    else:
        complaints, count = check_tree(Path(__file__).resolve().parent.parent.parent)
    for complaint in complaints:
        print(complaint)
    print(f"{name}: {count} checked, {len(complaints)} complaints")
    # Nothing to check means that the search is broken.
    sys.exit(1 if complaints or count == 0 else 0)
