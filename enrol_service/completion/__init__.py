"""What teachers say of students' studies: the rules of grades, publishing and correcting them, and what the home school answers."""
