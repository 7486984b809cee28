/** What every page of the site can do: change its colours, and copy code. */
(() => {
  const THEMES = ["system", "light", "dark"];
  const NAMES = /** @type {Record<string, string>} */ ({
    system: "Theme: as the system",
    light: "Theme: light",
    dark: "Theme: dark",
  });

  /** A browser may forbid to keep anything: then the theme lasts as long as the page. */
  const kept = () => {
    try {
      return localStorage.getItem("course-theme") ?? "system";
    } catch {
      return "system";
    }
  };
  /** @param {string} theme */
  const keep = (theme) => {
    try {
      localStorage.setItem("course-theme", theme);
    } catch {}
  };
  /** @param {string} theme */
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
  };
  // Before the page is drawn, or it would flash.
  show(kept());

  const offerThemes = () => {
    const button = /** @type {HTMLButtonElement} */ (document.querySelector("button.theme"));
    let theme = kept();
    const tell = () => (button.textContent = NAMES[theme] ?? NAMES.system);
    button.hidden = false;
    tell();
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      show(theme);
      keep(theme);
      tell();
    });
  };

  /**
   * Copies an element's text. Pages that did not come by HTTPS have no clipboard but that of a selection.
   *
   * @param {Element} element
   */
  const copy = async (element) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(element.textContent ?? "");
    const selection = /** @type {Selection} */ (getSelection());
    selection.selectAllChildren(element);
    document.execCommand("copy");
    selection.removeAllRanges();
  };

  const offerCopies = () => {
    for (const button of document.querySelectorAll("button.copy")) {
      const code = /** @type {Element} */ (button.parentElement?.querySelector("code"));
      /** @type {HTMLButtonElement} */ (button).hidden = false;
      button.addEventListener("click", () => {
        const said = (/** @type {string} */ word) => () => {
          button.textContent = word;
          setTimeout(() => (button.textContent = "Copy"), 2000);
        };
        copy(code).then(said("Copied"), said("Not copied"));
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    offerThemes();
    offerCopies();
  });
})();
