package main

import (
	"encoding/json"
	"os"
)

// log is the journal of the loops: a plain file of JSON lines. One goroutine writes whatever waits and syncs it once, so that one
// sync serves many callers: the least that a journal can cost.
type log struct {
	file  *os.File
	queue chan record
	ended chan error
}

type record struct {
	line []byte
	done chan error
}

func openLog(path string) (*log, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	l := &log{file: file, queue: make(chan record, 1024), ended: make(chan error, 1)}
	go l.run()
	return l, nil
}

// write returns when the value is on disk.
func (l *log) write(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	r := record{append(line, '\n'), make(chan error, 1)}
	l.queue <- r
	return <-r.done
}

func (l *log) close() error {
	close(l.queue)
	return <-l.ended
}

func (l *log) run() {
	for first := range l.queue {
		group, text := []record{first}, first.line
		for len(l.queue) > 0 {
			r := <-l.queue
			group, text = append(group, r), append(text, r.line...)
		}
		_, err := l.file.Write(text)
		if err == nil {
			err = l.file.Sync()
		}
		for _, r := range group {
			r.done <- err
		}
	}
	l.ended <- l.file.Close()
}
