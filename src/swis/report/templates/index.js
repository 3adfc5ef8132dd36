// Search and sorting of the front page. Without it the page is whole; nothing here reads or fetches anything else.
(() => {
  "use strict";
  const table = document.getElementById("authorities-table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const lists = Array.from(document.querySelectorAll("details.files"));
  const box = document.getElementById("search");
  const found = document.getElementById("found");
  const plain = (text) => text.toLocaleLowerCase("en-GB").replace(/\s+/g, " ").trim();

  // A word of the search may stand anywhere; all of them must.
  const holds = (text, words) => words.every((word) => plain(text).includes(word));

  // Where the name of a report matches, all its files stay; else only those whose own name matches.
  const narrow = (list, words) => {
    const isWhole = holds(list.querySelector("summary").textContent, words);
    for (const item of list.querySelectorAll("li")) {
      item.hidden = !isWhole && !holds(item.textContent, words);
    }
    for (const group of list.querySelectorAll(".folder")) {
      group.hidden = !group.querySelector("li:not([hidden])");
    }
    list.hidden = !list.querySelector("li:not([hidden])");
    list.open = words.length > 0 && !isWhole && !list.hidden;
  };

  const search = () => {
    const words = plain(box.value).split(" ").filter(Boolean);
    for (const row of rows) row.hidden = !holds(row.textContent, words);
    for (const list of lists) narrow(list, words);
    const shown = rows.filter((row) => !row.hidden).length;
    const files = lists.filter((list) => !list.hidden).length;
    found.textContent = `${shown} of ${rows.length} authorities and the files of ${files} of ${lists.length} reports match.`;
    if (!words.length) found.textContent = `All ${rows.length} authorities are shown.`;
  };

  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.order ?? plain(cell.textContent);
  };

  const sort = (header, column) => {
    const isUp = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", isUp ? "ascending" : "descending");
    const compare = (a, b) => key(a, column).localeCompare(key(b, column), "en-GB", { numeric: true });
    rows.sort((a, b) => (isUp ? compare(a, b) : compare(b, a)));
    body.append(...rows);
  };

  for (const [column, header] of Array.from(table.tHead.rows[0].cells).entries()) {
    if (header.hasAttribute("data-unsorted")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    button.addEventListener("click", () => sort(header, column));
    header.append(button);
  }
  // The page is written in order of name.
  table.tHead.rows[0].cells[0].setAttribute("aria-sort", "ascending");
  box.addEventListener("input", search);
  for (const part of document.querySelectorAll(".with-script")) part.hidden = false;
  search();
})();
