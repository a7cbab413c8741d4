"""What Python seeks garbage in, once the program is loaded."""

import subprocess
import sys

from services.settings import ROOT

SEARCHES = """
import gc
from services.garbage import keep_loaded

searches = []
gc.callbacks.append(lambda phase, info: searches.append(phase))
loaded = [[] for _ in range(5_000)]
before = len(searches)
keep_loaded()
made = [[] for _ in range(5_000)]
print(before > 0, len(searches) == before, any(loaded[0] is one for one in gc.get_objects()))
gc.collect()
many = [[] for _ in range(50_000)]
print(len(searches) > before + 2)
"""


def test_the_objects_of_a_list_start_no_search_and_what_is_loaded_is_left_out_of_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEARCHES], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True", "False", "True"]
