package domain

// Edits returns the optimal string alignment distance: the least number of
// letters to insert, delete, replace or swap with a neighbour that turns a into b.
// No letter is edited twice.
func Edits(a, b string) int {
	from, to := []rune(a), []rune(b)
	before, last, next := make([]int, len(to)+1), make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range last {
		last[j] = j
	}
	for i, x := range from {
		next[0] = i + 1
		for j, y := range to {
			cost := 1
			if x == y {
				cost = 0
			}
			next[j+1] = min(last[j]+cost, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x == to[j-1] && from[i-1] == y {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(to)]
}
