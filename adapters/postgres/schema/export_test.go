package schema

// Same is same.
var Same = same
