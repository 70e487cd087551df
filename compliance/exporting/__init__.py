"""Files that leave the house: logged before the first byte, masked, watermarked, safe to open in a spreadsheet."""
