package gateway

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// parseDuration returns the time that lies text after now. Only the beginning
// of text counts, so 30min is 30 minutes and 1month one month; without a unit
// or without digits the answer is a 500 with one of two texts (observed on
// LiteLLM 1.106.2). message says what is wrong.
func parseDuration(text string, now time.Time) (at time.Time, message string) {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	unit := text[digits:]
	if digits == 0 {
		return at, "Invalid duration format"
	}
	n, err := strconv.Atoi(text[:digits])
	if err != nil || n > math.MaxInt32 {
		return at, "Python int too large to convert to C int"
	}
	seconds := 0
	switch {
	case strings.HasPrefix(unit, "mo"):
		return afterMonths(now, n), ""
	case unit == "" || !strings.ContainsRune("smhdw", rune(unit[0])):
		return at, "Unsupported duration unit, passed duration: " + text
	default:
		seconds = map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 7 * 86400}[unit[0]]
	}
	days, rest := n*seconds/86400, n*seconds%86400
	at = now.AddDate(0, 0, days).Add(time.Duration(rest) * time.Second)
	if at.Year() > 9999 {
		return at, "date value out of range"
	}
	return at, ""
}

// afterMonths is the same day n months later, or the last one of that month.
func afterMonths(t time.Time, n int) time.Time {
	later := t.AddDate(0, n, 0)
	if later.Day() != t.Day() {
		later = later.AddDate(0, 0, -later.Day())
	}
	return later
}

// isBudgetDuration says whether text is digits, not all of them zero, with one
// of the units behind them; of months there is only one.
func isBudgetDuration(text string) bool {
	number := strings.TrimRight(text, "smhdwo")
	n, err := strconv.ParseUint(number, 10, 31)
	if err != nil || n == 0 || strings.HasPrefix(number, "+") {
		return false
	}
	switch text[len(number):] {
	case "s", "m", "h", "d", "w":
		return true
	case "mo":
		return n == 1
	}
	return false
}

// checkBudgetDuration is the 400 for a budget_duration that the gateway does
// not know, such as 2mo or 30 (observed on LiteLLM 1.106.2).
func checkBudgetDuration(o object) (message string) {
	text, given := o.str("budget_duration")
	if !given || isBudgetDuration(text) {
		return ""
	}
	return fmt.Sprintf("Invalid budget_duration '%s'. Use a format like '1h', '24h', '7d', or '30d'.", text)
}

// refuseBudgetDuration is what /key, /user and /team say to a bad budget_duration; the
// rest of the error differs.
func refuseBudgetDuration(o object, kind string, param any) error {
	if message := checkBudgetDuration(o); message != "" {
		return refuse(reprError(http.StatusBadRequest, message, kind, param))
	}
	return nil
}

// budgetReset is when a budget with the duration starts anew: the next
// boundary of the calendar, not a duration from now (observed on LiteLLM
// 1.106.2).
func budgetReset(text string, now time.Time) time.Time {
	n, _ := strconv.Atoi(text[:len(text)-1])
	midnight := now.UTC().Truncate(day)
	firstOfMonth := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	switch unit := text[len(text)-1]; {
	case unit == 'o', unit == 'd' && n == 30:
		return firstOfMonth
	case unit == 'd' && n == 7:
		return midnight.AddDate(0, 0, 7-(int(midnight.Weekday())+6)%7)
	case unit == 'd':
		return midnight.AddDate(0, 0, n)
	case unit == 'h' && n > 0:
		next := (now.Hour()/n + 1) * n
		at := midnight.Add(time.Duration(next%24) * time.Hour)
		if next >= 24 {
			at = at.Add(day)
		}
		return at
	case unit == 'm' && n > 0:
		return now.UTC().Truncate(time.Hour).Add(time.Duration((now.Minute()/n+1)*n) * time.Minute)
	case unit == 's' && n > 0:
		return now.UTC().Truncate(time.Minute).Add(time.Duration((now.Second()/n+1)*n) * time.Second)
	}
	return midnight.AddDate(0, 0, 1)
}
