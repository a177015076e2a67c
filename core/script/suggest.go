package script

// meant is "; did you mean …?" for a misspelt name, or nothing where no name is near.
func meant(name string, names []string) string {
	if best := nearest(name, names); best != "" {
		return "; did you mean " + best + "?"
	}
	return ""
}

// nearest returns the name that is spelt most alike, by insertions, deletions, replacements and swaps of neighbours; empty if none
// is alike enough to be meant.
func nearest(name string, names []string) string {
	best, limit := "", alike(len(name))+1
	for _, n := range names {
		if d := distance(name, n); d < limit {
			best, limit = n, d
		}
	}
	return best
}

// alike is how many letters of a name of that length may be wrong.
func alike(length int) int {
	switch {
	case length < 3:
		return 0
	case length == 3:
		return 1
	}
	return max(2, length/3)
}

func distance(a, b string) int {
	before, last, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(last[j]+1, next[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
