'use strict';

function off() {
  throw new Error('spreadsheets are off: save the sheet as CSV');
}

const utils = { sheet_to_json: off, aoa_to_sheet: off, json_to_sheet: off, book_new: off, book_append_sheet: off };
module.exports = { read: off, readFile: off, write: off, writeFile: off, utils };
