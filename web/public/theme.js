// Before the first paint, so that a chosen theme never flashes. A file, not an inline script: the page's policy
// allows scripts of this server only.
try {
  const theme = JSON.parse(localStorage.getItem('ping.preferences') || '{}').theme;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage, or with a broken entry, the system's theme counts.
}
