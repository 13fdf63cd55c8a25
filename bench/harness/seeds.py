"""Data folders that bench_seed filled, kept between runs: a million messages take a while."""
import hashlib
import shutil
import subprocess
from pathlib import Path


class Seeds:
    """`folder` holds one data folder per set of options, for one build of bench_seed (and so of the schema)."""

    def __init__(self, bench_seed, folder):
        self._bench_seed = bench_seed
        build = hashlib.sha256(Path(bench_seed).read_bytes()).hexdigest()[:16]
        self._folder = folder / build
        for old in folder.glob("*"):
            if old != self._folder:
                shutil.rmtree(old)
        self._folder.mkdir(parents=True, exist_ok=True)

    def get(self, **options):
        """The folder for these options of bench_seed; made when it is missing. Who changes it copies it before."""
        name = "_".join(flag.lstrip("-").replace("=", "") for flag in flags_of(options))
        target = self._folder / name
        if not (target / "population.txt").exists():
            shutil.rmtree(target, ignore_errors=True)
            self.make(target, **options)
        return target

    def make(self, target, **options):
        """Fills the folder `target`, which must not exist."""
        subprocess.run([self._bench_seed, f"--data={target}", *flags_of(options)], check=True, timeout=900)


def flags_of(options):
    return [f"--{name.replace('_', '-')}" + ("" if value is True else f"={value}")
            for name, value in sorted(options.items())]
