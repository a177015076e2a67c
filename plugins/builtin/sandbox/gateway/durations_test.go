package gateway

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	now := time.Date(2026, 1, 31, 10, 20, 30, 0, time.UTC)
	for text, want := range map[string]string{
		"0s": "2026-01-31T10:20:30", "90s": "2026-01-31T10:22:00", "30min": "2026-01-31T10:50:30", "25h": "2026-02-01T11:20:30", "2d": "2026-02-02T10:20:30",
		"2w": "2026-02-14T10:20:30", "1month": "2026-02-28T10:20:30", "30": "Unsupported duration unit, passed duration: 30", "": "Invalid duration format",
		"abc": "Invalid duration format", "-1": "Invalid duration format", "1y": "Unsupported duration unit, passed duration: 1y", "99999999999999d": "Python int too large to convert to C int", "9999999d": "date value out of range",
	} {
		at, message := parseDuration(text, now)
		if message == "" {
			message = at.Format("2006-01-02T15:04:05")
		}
		if message != want {
			t.Errorf("%q: %s", text, message)
		}
	}
}

func TestBudgetReset(t *testing.T) {
	now := time.Date(2026, 8, 30, 20, 28, 59, 0, time.UTC) // a Sunday
	for text, want := range map[string]string{
		"1h": "08-30T21:00:00", "1d": "08-31T00:00:00", "24h": "08-31T00:00:00", "7d": "08-31T00:00:00", "30d": "09-01T00:00:00", "1mo": "09-01T00:00:00", "60d": "10-29T00:00:00",
		"48h": "08-31T00:00:00", "30h": "08-31T06:00:00", "30m": "08-30T20:30:00", "45s": "08-30T20:29:30", "2w": "08-31T00:00:00",
	} {
		if !isBudgetDuration(text) {
			t.Errorf("%s is refused", text)
		}
		if got := budgetReset(text, now).Format("01-02T15:04:05"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"2mo", "30", "0d", "abc", "-1", "", "d", "+1d", "1.5d", "7days"} {
		if isBudgetDuration(text) {
			t.Errorf("%q is taken", text)
		}
	}
}
