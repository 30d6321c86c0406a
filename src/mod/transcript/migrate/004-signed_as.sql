-- Who signs as principal by a lent seat signs for the principal (Nghị định 30/2020/NĐ-CP, Phụ lục I): said beside the name.
ALTER TABLE transcript_part ADD COLUMN head_as TEXT;
