/** The mark, as browsers show it in a tab. */
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#025263"/><path d="M7.3 25.4 14.3 9.1c.7-1.6 2.7-1.6 3.4 0l2.6 6M22.9 21.2l1.8 4.2" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/><path d="M12.2 18.9l3.9 3.6L26.4 11.6" fill="none" stroke="#f4b73f" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

/** Within the page itself: browsers ask for an icon at an address of its own again at every step of a page. */
export const icon = { url: `data:image/svg+xml,${encodeURIComponent(svg)}`, type: "image/svg+xml" };
