"""Tries the installed wheel as a Python user would: `python run.py WHEEL`. Prints `N passed, N failed` last."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
WHEEL = pathlib.Path(sys.argv[1])


def without_metadata(value):
    """The Terraform JSON less cdktf's comments, which hold stack traces of the language."""
    if isinstance(value, dict):
        return {key: without_metadata(item) for key, item in value.items() if key != "//"}
    if isinstance(value, list):
        return [without_metadata(item) for item in value]
    return value


def synthesise(program, *command):
    """Runs an example in an empty folder and returns the files it made, by path, less the folder's own name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*command, str(program)], cwd=folder, check=True, timeout=120)
        out = pathlib.Path(folder, "cdktf.out")
        return {str(file.relative_to(out)): file.read_text().replace(folder, ".") for file in sorted(out.rglob("*")) if file.is_file()}


class Package(unittest.TestCase):
    def test_the_example_gives_what_typescript_gives(self):
        os.environ["TS_NODE_PROJECT"] = str(ROOT / "tsconfig.dev.json")
        register = str(ROOT / "node_modules/ts-node/register/transpile-only")
        theirs = synthesise(ROOT / "examples/typescript/complete/main.ts", "node", "--require", register)
        ours = synthesise(ROOT / "examples/python/complete/main.py", sys.executable)
        self.assertEqual(sorted(ours), sorted(theirs))
        for name in theirs:
            with self.subTest(name):
                if name == "manifest.json":
                    continue
                if name.endswith(".json"):
                    self.assertEqual(without_metadata(json.loads(ours[name])), without_metadata(json.loads(theirs[name])))
                else:
                    self.assertEqual(ours[name], theirs[name])

    def test_a_mistake_arrives_whole(self):
        from cdktf import App, TerraformStack
        from cdktf_azure_gitlab import SelfHostedGitLab

        stack = TerraformStack(App(), "Prod")
        with self.assertRaises(RuntimeError) as caught:
            SelfHostedGitLab(stack, "GitLab", location="Korea Central")
        self.assertIn(
            'location: not a valid value, got "Korea Central"; '
            'give a region\'s short name such as "koreacentral" (az account list-locations -o table) (at Prod/GitLab)',
            str(caught.exception),
        )

    def test_the_wheel_is_small_and_brings_no_provider_bindings(self):
        self.assertLess(WHEEL.stat().st_size, 1_000_000)
        listed = subprocess.run([sys.executable, "-m", "pip", "list"], check=True, capture_output=True, text=True).stdout
        self.assertNotIn("provider-azurerm", listed)


if __name__ == "__main__":
    WHEEL = (ROOT / WHEEL).resolve()
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Package)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
    print(f"{result.testsRun - failed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed else 0)
