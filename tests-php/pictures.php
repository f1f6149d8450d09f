<?php
/**
 * Small pictures made without a library: a PNG of one colour, and a JPEG of one grey.
 */

/** A chunk of a PNG: length, type, content, checksum. */
function png_chunk($type, $content)
{
    return pack('N', strlen($content)) . $type . $content . pack('N', crc32($type . $content));
}

/** Three by two pixels of one colour, in base64. */
function small_png($red = 0x33, $green = 0x66, $blue = 0x99)
{
    $row = "\0" . str_repeat(chr($red) . chr($green) . chr($blue), 3);
    $png = "\x89PNG\r\n\x1a\n" . png_chunk('IHDR', pack('NNCCCCC', 3, 2, 8, 2, 0, 0, 0))
        . png_chunk('IDAT', gzcompress($row . $row, 9)) . png_chunk('IEND', '');
    return base64_encode($png);
}

/** A segment of a JPEG: marker, length, content. */
function jpeg_segment($marker, $content)
{
    return "\xff" . chr($marker) . pack('n', strlen($content) + 2) . $content;
}

/** Eight by eight pixels of one grey, in base64: one block, one code in each table. */
function small_jpg()
{
    $one = "\1" . str_repeat("\0", 15);
    $jpeg = "\xff\xd8" . jpeg_segment(0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0")
        . jpeg_segment(0xdb, "\0" . str_repeat("\x08", 64))
        . jpeg_segment(0xc0, "\x08\0\x08\0\x08\1\1\x11\0")
        . jpeg_segment(0xc4, "\x00" . $one . "\x06") . jpeg_segment(0xc4, "\x10" . $one . "\x00")
        . jpeg_segment(0xda, "\1\1\0\0\x3f\0") . "\x50\xff\xd9";
    return base64_encode($jpeg);
}
