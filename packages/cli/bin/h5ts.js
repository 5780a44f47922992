#!/usr/bin/env node
// Apart from what is built, so that `npx h5ts` is there after `npm ci` in a clone as well.
import "../dist/main.js";
