package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// peaks is the most memory that each process below one has held, in KiB, by what the process is for.
type peaks map[string]int64

// watchPeaks looks at the processes below pid until stop is closed. It reads /proc, and finds nothing where there is none.
func watchPeaks(pid int, stop <-chan struct{}) peaks {
	p := peaks{}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return p
		case <-ticker.C:
			p.look(pid)
		}
	}
}

func (p peaks) look(root int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	above := map[int]int{}
	for _, path := range stats {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(raw), ") ")
		var state string
		var parent int
		if _, err := fmt.Sscan(rest, &state, &parent); err == nil {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			above[pid] = parent
		}
	}
	for pid := range above {
		for at := pid; at > 1; at = above[at] {
			if at == root {
				p.note(pid)
				break
			}
		}
	}
}

// note takes down the peak that the kernel has of a process.
func (p peaks) note(pid int) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return
	}
	line, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	role := "parent"
	for _, word := range strings.Split(string(line), "\x00") {
		if word == "__script" || word == "__plugin" {
			role = strings.TrimLeft(word, "_")
		}
	}
	_, rest, ok := strings.Cut(string(status), "VmHWM:")
	var kib int64
	if _, err := fmt.Sscan(rest, &kib); ok && err == nil {
		p[role] = max(p[role], kib)
	}
}
