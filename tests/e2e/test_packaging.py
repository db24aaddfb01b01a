"""What the package carries beside the programs speaks of the same commands and options as the programs do."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
BIN = pathlib.Path(os.environ["SLUICE_BINARY_DIR"])


def help_of(*command):
    return subprocess.run([BIN / "sluice", *command, "--help"], capture_output=True, text=True, check=True).stdout


def commands():
    listed = help_of().split("Subcommands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


class Completion(unittest.TestCase):
    def test_bash_and_zsh_know_every_command_and_option(self):
        for shell in ("sluice", "_sluice"):
            text = (ROOT / "packaging/completion" / shell).read_text()
            for command in commands():
                self.assertRegex(text, rf"\b{command}\b", f"{shell}: {command}")
                for option in re.findall(r"--[a-z-]+", help_of(command).split("Options:\n")[1].split("\n\n")[0]):
                    self.assertIn(option, text, f"{shell}: {command} {option}")

    @unittest.skipUnless(shutil.which("bash"), "no bash here")
    def test_bash_reads_its_file(self):
        subprocess.run(["bash", "-n", ROOT / "packaging/completion/sluice"], check=True)


class ManualPages(unittest.TestCase):
    def test_each_command_has_a_page_in_the_package(self):
        listed = (ROOT / "packaging/debian/sluice.manpages").read_text().split()
        self.assertEqual({f"debian/man/sluice-{command}.1" for command in commands()},
                         {page for page in listed if page.endswith(".1")} - {"debian/man/sluice.1"})

    @unittest.skipUnless(shutil.which("help2man") and shutil.which("go-md2man"), "needs help2man and go-md2man")
    def test_the_page_of_the_settings_names_every_key(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([ROOT / "packaging/man/make.sh", BIN, folder], cwd=ROOT, check=True)
            page = (pathlib.Path(folder) / "sluice.yaml.5").read_text().replace("\\&", "").replace("\\_", "_")
            for key in re.findall(r"^\| `([a-z_.]+)`", (ROOT / "config/REFERENCE.md").read_text(), re.MULTILINE):
                self.assertIn(key, page)


if __name__ == "__main__":
    unittest.main()
