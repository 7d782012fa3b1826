package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// memorySampleInterval is the sampling interval. The kernel records the peak, so only growth after
// the last sample is missed.
const memorySampleInterval = 25 * time.Millisecond

// memoryWatcher watches the processes that run one binary.
type memoryWatcher struct {
	binary string
	of     func([]int) int // what to make of the peaks of the processes
	done   chan struct{}
	peak   chan int
}

func watchMemory(binary string, of func([]int) int) *memoryWatcher {
	m := &memoryWatcher{binary: binary, of: of, done: make(chan struct{}), peak: make(chan int)}
	go m.watch()
	return m
}

// stop returns the highest figure of all samples, in KiB; 0 without /proc.
func (m *memoryWatcher) stop() int {
	close(m.done)
	return <-m.peak
}

func (m *memoryWatcher) watch() {
	tick := time.NewTicker(memorySampleInterval)
	defer tick.Stop()
	for highest := 0; ; {
		select {
		case <-m.done:
			m.peak <- highest
			return
		case <-tick.C:
			highest = max(highest, m.sample())
		}
	}
}

func (m *memoryWatcher) sample() int {
	peaks := []int{0}
	links, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is valid
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == m.binary {
			peaks = append(peaks, peakMemory(filepath.Dir(link)))
		}
	}
	return m.of(peaks)
}

func sum(all []int) (total int) {
	for _, one := range all {
		total += one
	}
	return total
}

func peakMemory(process string) int {
	status, err := os.ReadFile(filepath.Join(process, "status"))
	if err != nil {
		return 0 // it has just ended
	}
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	line, _, _ := bytes.Cut(after, []byte(" kB"))
	peak, _ := strconv.Atoi(string(bytes.TrimSpace(line)))
	return peak
}
