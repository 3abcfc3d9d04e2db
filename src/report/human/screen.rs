//! A small terminal for tests: what stands on the screen after the text was written to it.

/// Lines of characters and a cursor.
pub(super) struct Screen {
    columns: usize,
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Screen {
    /// What a terminal of so many columns shows after this text.
    pub(super) fn after(written: &str, columns: usize) -> String {
        let mut screen = Self {
            columns,
            lines: vec![Vec::new()],
            row: 0,
            column: 0,
        };
        let mut rest = written.chars();
        while let Some(c) = rest.next() {
            match c {
                '\x1b' => screen.obey(&mut rest),
                '\n' => screen.go_down(),
                '\r' => screen.column = 0,
                c => screen.put(c),
            }
        }
        let lines = screen.lines.iter().map(|line| line.iter().collect());
        lines.collect::<Vec<String>>().join("\n")
    }

    fn obey(&mut self, rest: &mut impl Iterator<Item = char>) {
        assert_eq!(rest.next(), Some('['), "only control sequences are written");
        let mut parameter = String::new();
        loop {
            match rest.next().expect("a sequence ends") {
                'A' => {
                    let rows: usize = parameter.parse().unwrap();
                    self.row = self
                        .row
                        .checked_sub(rows)
                        .expect("nothing above the block is touched");
                    return;
                }
                'J' => {
                    self.lines.truncate(self.row + 1);
                    self.lines[self.row].truncate(self.column);
                    return;
                }
                'm' => return,
                c => parameter.push(c),
            }
        }
    }

    fn put(&mut self, c: char) {
        let width = crate::terminal::text::width(c.encode_utf8(&mut [0; 4]));
        if self.column + width > self.columns {
            self.go_down();
        }
        let line = &mut self.lines[self.row];
        line.truncate(self.column);
        line.push(c);
        self.column = line.len();
    }

    fn go_down(&mut self) {
        self.row += 1;
        self.column = 0;
        if self.row == self.lines.len() {
            self.lines.push(Vec::new());
        }
    }
}
