package keys

import (
	"strconv"
	"strings"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// dashed is a field's name as a flag.
func dashed(name string) string { return strings.ReplaceAll(name, "_", "-") }
