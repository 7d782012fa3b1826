package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// memoryEvery is how often the processes are looked at. The kernel keeps the peak, so
// only what a process adds in its last moments goes unseen.
const memoryEvery = 25 * time.Millisecond

// memory watches the processes that run one binary.
type memory struct {
	binary string
	ending chan struct{}
	peak   chan int
}

func watchMemory(binary string) *memory {
	m := &memory{binary: binary, ending: make(chan struct{}), peak: make(chan int)}
	go m.watch()
	return m
}

// stop returns the highest peak of any of the processes, in KiB; 0 without /proc.
func (m *memory) stop() int {
	close(m.ending)
	return <-m.peak
}

func (m *memory) watch() {
	tick := time.NewTicker(memoryEvery)
	defer tick.Stop()
	for highest := 0; ; {
		select {
		case <-m.ending:
			m.peak <- highest
			return
		case <-tick.C:
			highest = max(highest, m.look())
		}
	}
}

func (m *memory) look() (highest int) {
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is good
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == m.binary {
			highest = max(highest, peakOf(filepath.Dir(link)))
		}
	}
	return highest
}

func peakOf(process string) int {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	if err != nil {
		return 0 // it has just ended
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	line, _, _ := bytes.Cut(after, []byte(" kB"))
	peak, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return peak
}
