package types

import "strings"

// Meant returns that name of several that somebody probably meant who wrote another one; "" if none is alike.
func Meant(wrote string, names []string) string {
	best, least := "", alike(len(wrote))+1
	for _, name := range names {
		if name == wrote {
			continue
		}
		d := distance(strings.ToLower(wrote), strings.ToLower(name))
		if d < least {
			best, least = name, d
		}
	}
	return best
}

// alike is how many letters of a name of that length may be wrong.
func alike(length int) int {
	switch {
	case length < 2:
		return 0
	case length < 4:
		return 1
	}
	return max(2, length/3)
}

// DidYouMean is "; did you mean NAME?" for the name that was probably meant; "" if there is none.
func DidYouMean(wrote string, names []string) string {
	if name := Meant(wrote, names); name != "" {
		return "; did you mean " + name + "?"
	}
	return ""
}

// distance is how many letters must be changed, added, removed or swapped with the next one to make b of a.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
