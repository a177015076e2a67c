package auth

import "testing"

func makePipe(t *testing.T, _ string) { t.Skip("Windows has no pipes in directories") }
