"""What `config --check` and a start say of settings, credential and their files."""

import os
import unittest

from harness import EndToEnd, merged


class Settings(EndToEnd):
    def checked(self, spool, settings=None, expect=0):
        spool.configure(settings or {})
        said = spool.sluice("config", "--check", expect=expect)
        return said.stdout + said.stderr

    def test_a_credential_in_quotes_or_as_a_shell_would_set_it_is_refused_in_words(self):
        sandbox, spool = self.unpaced()
        for value, words in (('"Bearer secret-1"', "stands in quotes"), ("'secret-2'", "stands in quotes"),
                             ('Bearer "secret-3"', "stands in quotes"), ("TOKEN=secret-4", "looks like NAME=value"),
                             ("API_TOKEN2=Bearer secret-5", "looks like NAME=value"),
                             ("Authorization=secret-6", "looks like NAME=value")):
            with self.subTest(value):
                spool.write_credential(value)
                said = self.checked(spool, expect=78)
                self.assertIn(words, said)
                self.assertNotIn("secret", said)
        for value in ("QUJDRA==", "ABC=", "Bearer a=b", "Basic QUJD=", "abc=def"):
            spool.write_credential(value)
            self.checked(spool)

    def test_settings_and_credential_that_others_may_write_are_refused_with_the_chmod(self):
        sandbox, spool = self.unpaced()
        for path in (spool.config, spool.credential_file):
            mode = path.stat().st_mode
            for bits, who in ((0o020, "all of its group"), (0o002, "everybody")):
                with self.subTest(path.name, who=who):
                    path.chmod(mode | bits)
                    for command in (["config", "--check"], ["drain"], ["run"]):
                        said = spool.sluice(*command, expect=78).stderr
                        self.assertIn(f"may be written by {who}", said)
                        self.assertIn(f"chmod go-w '{path}'", said)
            path.chmod(mode)
        spool.drain(expect=0)

    @unittest.skipUnless(os.geteuid() == 0, "gives a file to another group")
    def test_a_credential_that_the_drop_group_may_read_is_warned_of(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        self.assertNotIn("whoever may drop files", spool.drain(expect=0).stderr)
        os.chown(spool.root / "inbox", 0, 65534)
        os.chown(spool.credential_file, 0, 65534)
        spool.credential_file.chmod(0o640)
        self.assertIn("whoever may drop files may also read", spool.drain(expect=0).stderr)

    def test_the_examples_address_left_as_it_is_is_refused(self):
        sandbox, spool = self.unpaced()
        self.assertIn("expected your API's own host",
                      self.checked(spool, {"upstream": {"base_url": "https://user-center-domain/prod-api/"}}, 78))

    def test_what_the_unit_would_hide_is_told_with_the_drop_in_that_shows_it(self):
        sandbox, spool = self.unpaced()
        ours = self.checked(spool)
        self.assertIn(f"spool is {spool.root}: the unit's PrivateTmp=yes", ours)
        self.assertIn("can't be told from here", ours)
        for spool_path, words in (("/home/orders/spool", "ProtectHome=yes"), ("/data/spool", "ReadWritePaths=/data/spool"),
                                  ("/var/spool/sluice2", "ReadWritePaths=/var/spool/sluice2")):
            self.assertIn(words, self.checked(spool, {"spool": spool_path}))
        settings = merged({"spool": "/var/spool/sluice"}, {"rate": {"gate": "/srv/gates/account"}})
        self.assertIn("ReadWritePaths=/srv/gates", self.checked(spool, settings))
        self.assertNotIn("spool is", self.checked(spool, settings))

    def test_a_shared_gate_whose_folder_is_missing_is_78(self):
        sandbox, spool = self.unpaced()
        gate = str(spool.folder / "nowhere" / "gate")
        spool.configure({"rate": {"gate": gate}})
        for command in ("drain", "run"):
            self.assertIn(gate, spool.sluice(command, expect=78).stderr)

    def test_a_gate_that_names_somebodys_file_is_refused_and_leaves_it_as_it_is(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        orders = spool.folder / "orders.csv"
        orders.write_text("uid,source\n" * 1000)
        for path in (spool.credential_file, orders, spool.root / "state" / "ledger.sqlite", spool.config):
            with self.subTest(path.name):
                spool.configure({"rate": {"gate": str(path)}})
                before = path.read_bytes()
                for command in (["config", "--check"], ["drain"], ["run"]):
                    self.assertIn("is there and no gate file", spool.sluice(*command, expect=78).stderr)
                    self.assertTrue(path.read_bytes() == before)

    def test_no_key_value_or_name_of_the_settings_commands_the_terminal(self):
        sandbox, spool = self.unpaced()
        good = spool.config.read_text()
        clear = "\x1b[2J"
        for bad in ('"\\e[2Jkey": 1\n', 'language: "\\e[2J"\n', 'rate: {gate: "/tmp/\\e[2J"}\n',
                    'control: {socket: "/tmp/\\e[2J"}\n', 'inbox: {ready_suffix: "\\e[2J"}\n'):
            with self.subTest(bad):
                spool.config.write_text(good + bad)
                for command in (["config", "--check"], ["drain"], ["status"]):
                    said = spool.sluice(*command, expect=78)
                    self.assertNotIn(clear, said.stdout + said.stderr)
        spool.config = spool.folder / f"{clear}nowhere.yaml"
        said = spool.sluice("status", expect=78)
        self.assertNotIn(clear, said.stdout + said.stderr)
        self.assertIn("nowhere.yaml", said.stderr)

    def test_an_inbox_that_is_a_link_is_refused_in_words(self):
        sandbox, spool = self.unpaced()
        elsewhere = spool.folder / "elsewhere"
        (spool.root / "inbox").rename(elsewhere)
        (spool.root / "inbox").symlink_to(elsewhere)
        said = spool.drain(expect=78).stderr
        self.assertIn("is a symbolic link", said)
        self.assertIn("set `spool`", said)


if __name__ == "__main__":
    unittest.main()
