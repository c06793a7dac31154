// Package browser drives Chromium as a person does who has a keyboard: elements are
// found by their role and name, as assistive technology reads them, and used by keys.
package browser
