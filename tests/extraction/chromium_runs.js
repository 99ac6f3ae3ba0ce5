// Puts each piece of HTML (stdin: a JSON list) into a document of its own in a real Chromium without a network, plays a reader who touches
// everything, and writes for each piece what started a script (stdout: a JSON list of lists).
const puppeteer = require('puppeteer-core');
const [chromium] = process.argv.slice(2);
const SIZE = 60;                                        // pieces in a page
const SITE = 'https://piece.test/';
const escape = text => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');

(async () => {
  const pieces = JSON.parse(require('fs').readFileSync(0, 'utf8'));
  const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  const found = [];
  for (let start = 0; start < pieces.length; start += SIZE) found.push(...await look(browser, pieces.slice(start, start + SIZE)));
  console.log(JSON.stringify(found));
  await browser.close();
})();

async function look(browser, pieces) {
  const page = await browser.newPage(), started = pieces.map(() => []), frames = new Map();
  const client = await page.createCDPSession();
  page.on('dialog', dialog => dialog.dismiss());
  // the one hook that nothing passes: V8 tells each script that it reads, whatever brought it: an element, a handler, an address, eval
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  const contexts = new Map();
  client.on('Runtime.executionContextCreated', ({ context }) => contexts.set(context.id, context.auxData && context.auxData.frameId));
  const ours = url => url.startsWith('pptr:') || url === 'ours';
  const note = script => { if (!ours(script.url) && !script.hasSourceURL) {
    const place = frames.get(contexts.get(script.executionContextId));
    for (const list of place === undefined ? started : [started[place]]) list.push('script ' + (script.url || 'without a name'));
  } };
  client.on('Debugger.scriptParsed', note);
  client.on('Debugger.scriptFailedToParse', note);
  await page.setRequestInterception(true);
  page.on('request', request => {
    const match = /^https:\/\/piece\.test\/(\d+)?$/.exec(request.url());
    if (!match) return request.abort();
    // report-only: what would be forbidden still runs, and is told
    const headers = { 'Content-Security-Policy-Report-Only': "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'" };
    const body = match[1] === undefined
      ? pieces.map((_, place) => `<iframe id="f${place}" name="f${place}" src="${SITE}${place}"></iframe>`).join('')
      : `<!doctype html><meta charset="utf-8"><title>piece</title><div>${pieces[match[1]]}</div>`;
    request.respond({ status: 200, contentType: 'text/html; charset=utf-8', headers: match[1] === undefined ? {} : headers, body });
  });
  await page.goto(SITE, { waitUntil: 'load', timeout: 60000 });
  const handles = await page.$$('iframe');
  for (let place = 0; place < handles.length; place++) {
    const frame = await handles[place].contentFrame();
    if (!frame) continue;
    frames.set(frame._id, place);
    let seen;
    try { seen = await frame.evaluate(touch); } catch (error) { seen = ['gone: ' + error.message]; }
    started[place].push(...seen);
  }
  await new Promise(done => setTimeout(done, 300));
  for (let place = 0; place < handles.length; place++) {
    const frame = await handles[place].contentFrame().catch(() => null);
    const url = frame ? frame.url() : 'gone';
    if (url !== SITE + place && !url.startsWith(SITE + place + '#')) started[place].push('went to ' + url);
  }
  await page.close();
  return started.map(list => [...new Set(list)]);
}

// Runs in the piece's document. Whatever listens is called, whatever leads on is followed; what could run only later is told by its kind.
function touch() {
  const told = [];
  document.addEventListener('securitypolicyviolation', event => told.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI));
  const roots = [document], events = 'load error click dblclick mouseover mousemove focus blur toggle animationstart animationend transitionend '
    + 'begin end repeat input change submit start finish bounce scroll wheel pointerover pointerrawupdate beforematch keydown play canplay message';
  for (const root of roots) for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot) roots.push(element.shadowRoot);
    if (element.tagName === 'TEMPLATE') roots.push(element.content);
    for (const attribute of element.attributes) {
      if (/^on/i.test(attribute.name)) told.push('handler ' + attribute.name);
      if (attribute.name === 'srcdoc' || attribute.name === 'style') told.push('attribute ' + attribute.name);
    }
    for (const name of ['href', 'src', 'action', 'formAction', 'data', 'poster']) {
      let value = element[name];
      if (value && value.baseVal !== undefined) value = value.baseVal;
      if (typeof value !== 'string' || !value) continue;
      let scheme = '';
      try { scheme = new URL(value, document.baseURI).protocol; } catch { continue; }
      if (!['http:', 'https:', 'mailto:', ...(element.tagName === 'DIV' ? ['about:'] : [])].includes(scheme)) told.push(name + ' leads to ' + scheme);
    }
    if (/^(script|iframe|frame|object|embed|applet|base|meta|link|style|form|portal)$/i.test(element.tagName) && element.parentNode !== document.head)
      told.push('element ' + element.tagName.toLowerCase());
    for (const name of events.split(' ')) try { element.dispatchEvent(new Event(name, { bubbles: false })); } catch {}
    try { element.focus && element.focus(); } catch {}
    if (element.tagName === 'A' || element.tagName === 'AREA' || element.tagName === 'a') {
      element.addEventListener('click', event => { if (/^(https?|mailto):/.test(element.href)) event.preventDefault(); });
      try { element.click ? element.click() : element.dispatchEvent(new MouseEvent('click')); } catch {}
    }
  }
  return told;
}
