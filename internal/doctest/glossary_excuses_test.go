package doctest_test

// excuses are the places where the glossary's other words may stand, each with the
// reason.
var excuses = []excuse{
	// They name the words that they look for.
	{file: "internal/doctest/glossary*_test.go"},
	// Others' text, which stays as they wrote it.
	{file: "LICENSE"},
	// A report does add up rollups.
}
