// Filters, copy buttons and jumps. The report is complete without this script; nothing is fetched, nothing is stored.
(function () {
  "use strict";

  const report = document.querySelector(".scim");
  const form = report.querySelector(".filter");
  const rows = Array.from(report.querySelectorAll(".requirement"));
  const groups = Array.from(report.querySelectorAll(".group"));
  const texts = new Map();

  function textOf(row) {
    if (!texts.has(row)) {
      texts.set(row, (row.id + " " + row.textContent).toLowerCase());
    }
    return texts.get(row);
  }

  function wanted() {
    const data = new FormData(form);
    return {
      states: new Set(data.getAll("state")),
      level: data.get("level"),
      audience: data.get("audience"),
      words: data.get("text").toLowerCase().split(/\s+/).filter(Boolean),
    };
  }

  function matches(row, want) {
    const { state, level, audience } = row.dataset;
    return want.states.has(state)
      && (!want.level || level === want.level || level === want.level + " NOT")
      && (!want.audience || audience.split(" ").includes(want.audience))
      && want.words.every((word) => textOf(row).includes(word));
  }

  function showGroup(group, searching) {
    const own = Array.from(group.querySelectorAll(".requirement"));
    const shown = own.filter((row) => !row.hidden).length;
    group.hidden = shown === 0;
    group.querySelector(".count").textContent = shown === own.length ? `${shown}` : `${shown} of ${own.length}`;
    if (searching && shown > 0) {
      group.open = true;
    }
  }

  function filter() {
    const want = wanted();
    const searching = want.words.length > 0 || want.level !== "" || want.audience !== "";
    rows.forEach((row) => { row.hidden = !matches(row, want); });
    groups.forEach((group) => showGroup(group, searching));
    const shown = rows.filter((row) => !row.hidden).length;
    form.querySelector("output").textContent = `${shown} of ${rows.length} requirements shown`;
  }

  // A link must lead somewhere even when its goal is filtered out or folded away.
  function reveal() {
    const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!goal || !report.contains(goal)) {
      return;
    }
    const row = goal.closest(".requirement");
    if (row && row.hidden) {
      form.reset();
      filter();
    }
    for (let place = goal; place && place !== report; place = place.parentElement) {
      if (place.tagName === "DETAILS") {
        place.open = true;
      }
    }
    goal.scrollIntoView();
  }

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  function said(button, word) {
    button.textContent = word;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  }

  // The clipboard interface is missing or refused on some file:// pages; then the old way, then a selection to copy by hand.
  function copy(button) {
    const source = button.parentElement.querySelector("code");
    const byHand = () => {
      select(source);
      said(button, document.execCommand("copy") ? "Copied" : "Selected");
    };
    if (navigator.clipboard) {
      navigator.clipboard.writeText(source.textContent).then(() => said(button, "Copied"), byHand);
    } else {
      byHand();
    }
  }

  // On a page of pytest-html its table, controls and environment go below, folded away.
  function fold(title, open, parts) {
    const found = parts.filter(Boolean);
    if (found.length === 0) {
      return;
    }
    const details = document.createElement("details");
    const summary = document.createElement("summary");
    details.className = "pytest-part";
    details.open = open;
    summary.textContent = title;
    details.append(summary, ...found);
    document.querySelector("footer").before(details);
  }

  function foldPytest() {
    const one = (selector) => document.querySelector(selector);
    if (!one("#results-table")) {
      return;
    }
    fold("Every check as pytest ran it", false, [".run-count", "p.filter", ".controls", "#results-table"].map(one));
    fold("Environment", false, [one("#environment")]);
    one("#environment-header").hidden = true;
  }

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  report.addEventListener("click", (event) => {
    if (event.target.matches(".copy")) {
      copy(event.target);
    }
  });
  report.querySelectorAll(".copy").forEach((button) => { button.hidden = false; });
  addEventListener("hashchange", reveal);
  document.addEventListener("DOMContentLoaded", () => {
    foldPytest();
    filter();
    reveal();
  });
})();
