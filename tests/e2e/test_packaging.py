"""What the package carries beside the programs speaks of the same commands and options as the programs do."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from two_languages import english_in

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


def spans(markdown):
    """What stands between backticks: names, keys and values, which are the same in every language."""
    return set(re.findall(r"`([^`]+)`", re.sub(r"```.*?```", "", markdown, flags=re.DOTALL).replace("\n", " ")))


class ManualPages(unittest.TestCase):
    def test_each_command_has_a_page_in_both_languages_in_the_package(self):
        listed = set((ROOT / "packaging/debian/sluice.manpages").read_text().split())
        pages = [f"sluice-{command}.1" for command in commands()] + ["sluice.1", "sluice.yaml.5", "sluice-spool.5"]
        self.assertEqual(listed, {f"debian/man/{page[:-2]}{language}{page[-2:]}" for page in pages for language in ("", ".zh_CN")})

    def test_the_chinese_page_of_the_spool_has_what_the_contract_has(self):
        contract = re.findall(r"^## (?:The spool|Input|Output)\n(.*?)(?=^## )", (ROOT / "docs/contract.md").read_text(), re.MULTILINE | re.DOTALL)
        page = (ROOT / "packaging/man/sluice-spool.zh_CN.md").read_text()
        self.assertEqual(spans("".join(contract)) - spans(page), set())

    @unittest.skipUnless(shutil.which("help2man") and shutil.which("go-md2man"), "needs help2man and go-md2man")
    def test_the_pages_name_every_key_and_every_command_in_both_languages(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([ROOT / "packaging/man/make.sh", BIN, folder], cwd=ROOT, check=True)
            pages = {page.name: page.read_text().replace("\\&", "").replace("\\_", "_") for page in pathlib.Path(folder).iterdir()}
        for language in ("", ".zh_CN"):
            for key in re.findall(r"^\| `([a-z_.]+)`", (ROOT / "config/REFERENCE.md").read_text(), re.MULTILINE):
                self.assertIn(key, pages[f"sluice.yaml{language}.5"])
            for command in commands():
                self.assertIn(command, pages[f"sluice{language}.1"])
                for option in re.findall(r"--[a-z-]+", help_of(command)):
                    self.assertIn(option, pages[f"sluice-{command}{language}.1"].replace("\\-", "-"), command)
        for name, page in pages.items():
            if name.endswith((".zh_CN.1", ".zh_CN.5")):
                self.assertRegex(page, r"名称")
                self.assertEqual(english_in(page), [], name)


if __name__ == "__main__":
    unittest.main()
