(() => {
  const search = document.querySelector("#search");
  const failed = document.querySelector("#failed");
  const chips = [...document.querySelectorAll("[data-family][aria-pressed]")];
  const isOn = (button) => button.getAttribute("aria-pressed") === "true";
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const families = new Set(chips.filter(isOn).map((chip) => chip.dataset.family));
    let total = 0;
    for (const family of document.querySelectorAll("section[data-family]")) {
      let left = 0;
      for (const one of family.querySelectorAll(".scenario")) {
        one.hidden =
          (families.size > 0 && !families.has(family.dataset.family)) ||
          (isOn(failed) && one.dataset.passed === "true") ||
          !words.every((word) => one.dataset.words.includes(word));
        left += one.hidden ? 0 : 1;
      }
      family.hidden = left === 0;
      total += left;
    }
    document.querySelector("#nothing").hidden = total > 0;
  };
  for (const button of [...chips, failed]) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isOn(button)));
      show();
    });
  }
  search.addEventListener("input", show);
  const open = () => {
    const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (wanted instanceof HTMLDetailsElement) {
      wanted.open = true;
      wanted.scrollIntoView();
    }
  };
  addEventListener("hashchange", open);
  open();
})();
