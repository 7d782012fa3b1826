package seam

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// splitReceipts splits the configured path into the directory that gets a new file for each
// client, which is empty if the path names a file, and the path of the file.
func splitReceipts(configured string) (directory, file string) {
	if configured == "" {
		return "", ""
	}
	info, err := os.Stat(configured)
	isDirectory := os.IsPathSeparator(configured[len(configured)-1]) || err == nil && info.IsDir()
	if !isDirectory {
		return "", configured
	}
	name := fmt.Sprintf("removals-%s-%s.jsonl", time.Now().UTC().Format("20060102T150405Z"), rand.Text())
	return configured, filepath.Join(configured, name)
}

// CheckReceiptsFile checks that the receipts file can be written, before a removal starts.
func (c *Client) CheckReceiptsFile() error {
	if c.receiptsPath == "" {
		return nil
	}
	check := c.checkReceiptsPath
	if c.receiptsDirectory != "" {
		check = c.checkReceiptsDirectory
	}
	if err := check(); err != nil {
		return WrapAdvice(err, fmt.Sprintf("The removal was not started, because its receipt could not be written: %v.", err), "Make the file or directory in removal_receipts writable, or remove removal_receipts.")
	}
	return nil
}

func (c *Client) checkReceiptsPath() error {
	file, err := c.openReceipts()
	if err != nil {
		return err
	}
	return file.Close()
}

// checkReceiptsDirectory creates the directory if necessary. It leaves no file in it: the receipts
// file is created with the first receipt.
func (c *Client) checkReceiptsDirectory() error {
	if err := os.MkdirAll(c.receiptsDirectory, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(c.receiptsDirectory, ".check-*")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// openReceipts opens the receipts file. It refuses anything but a regular file: opening a FIFO
// would block until there is a reader.
func (c *Client) openReceipts() (*os.File, error) {
	if info, err := os.Stat(c.receiptsPath); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", c.receiptsPath)
	}
	return os.OpenFile(c.receiptsPath, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// AppendReceipt appends a receipt as one line of JSON, in one write, so that concurrent receipts
// do not mix. It does nothing without a receipts file.
func (c *Client) AppendReceipt(receipt any) error {
	if c.receiptsPath == "" {
		return nil
	}
	line, err := json.Marshal(receipt)
	if err != nil {
		return err
	}
	c.receiptsMutex.Lock()
	defer c.receiptsMutex.Unlock()
	file, err := c.openReceipts()
	if err != nil {
		return err
	}
	if c.hasPartialLine() {
		line = append([]byte{'\n'}, line...)
	}
	_, err = file.Write(append(line, '\n'))
	return errors.Join(err, file.Close())
}

// hasPartialLine reports whether the last line of the file lacks a newline, because its writer
// was killed or the disk was full. It is false if the file cannot be read.
func (c *Client) hasPartialLine() bool {
	file, err := os.Open(c.receiptsPath)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	last := make([]byte, 1)
	if _, err := file.Seek(-1, io.SeekEnd); err != nil {
		return false // it is empty
	}
	_, err = file.Read(last)
	return err == nil && last[0] != '\n'
}
