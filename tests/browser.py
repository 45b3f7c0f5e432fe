"""Chromium as the tests use it."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from selenium import webdriver

ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"  # no other machine is asked
HIDDEN = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", ALONE]
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Tab:
    """One page: go to an address, ask something in JavaScript, press keys, print."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
        self.call("Browser.grantPermissions", permissions=permissions)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Return what a command of the Chrome DevTools Protocol gives."""
        return self.driver.execute_cdp_cmd(method, params)

    def go(self, address: str, width: int = 1280) -> None:
        """Open an address anew in a window of a width, and wait until it is loaded."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.driver.get("about:blank")
        for log in ("browser", "performance"):
            self.driver.get_log(log)  # of what was before
        self.driver.get(address)

    def complaints(self) -> list[str]:
        """Return what the browser complains of since the address was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self) -> list[str]:
        """Return the addresses that were asked for since then."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [own["params"]["request"]["url"] for own in messages if own["method"] == "Network.requestWillBeSent"]

    def run(self, script: str) -> Any:
        """Return what an expression gives, or what its promise comes to."""
        how = {"awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.call("Runtime.evaluate", expression=script, **how)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key where the focus is, and wait until what it does is drawn."""
        webdriver.ActionChains(self.driver).send_keys(key).perform()
        self.run(DRAWN)

    def printed(self) -> bytes:
        """Return the page as PDF."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])


@contextmanager
def browsing(chromium: str, chromedriver: str) -> Iterator[webdriver.Chrome]:
    """Start a browser, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in HIDDEN:
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(chromedriver))
    try:
        yield driver
    finally:
        driver.quit()
