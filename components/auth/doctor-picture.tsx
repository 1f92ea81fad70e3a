/** A doctor in her room, drawn. */
export function DoctorPicture() {
  return (
    <svg
      className="absolute inset-0 size-full"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      viewBox="-250 -20 1280 800"
    >
      <defs>
        <linearGradient id="room-light" x1="0" x2="1" y1="0" y2="1">
          <stop stopColor="#c9d8d8" />
          <stop offset="1" stopColor="#6f8b90" />
        </linearGradient>
      </defs>
      <rect x="-400" y="-400" width="2080" height="1600" fill="url(#room-light)" />
      <rect x="860" y="90" width="340" height="18" rx="4" fill="#566f74" />
      <rect x="860" y="280" width="340" height="18" rx="4" fill="#566f74" />
      <g>
        <rect x="880" y="180" width="28" height="100" fill="#b5533c" />
        <rect x="912" y="165" width="24" height="115" fill="#e2c27a" />
        <rect x="940" y="190" width="34" height="90" fill="#3f6a72" />
        <rect x="980" y="172" width="22" height="108" fill="#dfe6e4" />
        <path d="M1090 280v-40q-40-10-50-60 45 0 55 35 5-55 55-75 5 60-40 95v45z" fill="#4f7f63" />
      </g>
      <rect x="120" y="80" width="230" height="300" rx="8" fill="#e9efee" />
      <circle cx="235" cy="170" r="46" fill="none" stroke="#9fb6b8" strokeWidth="10" />
      <path d="M160 280h150M160 312h110" stroke="#9fb6b8" strokeWidth="10" strokeLinecap="round" />
      <circle cx="640" cy="170" r="72" fill="#241c1d" />
      <path d="M380 800c0-160 70-230 170-250h180c100 20 170 90 170 250z" fill="#f4f7f7" />
      <path d="M560 545h160l-30 255H590z" fill="#2b7c86" />
      <path d="M575 490h130v70q-65 70-130 0z" fill="#7b4a33" />
      <path d="M550 552l60 160-90-40-30-90zM730 552l-60 160 90-40 30-90z" fill="#e2eaea" />
      <path d="M520 340c0-120 50-180 120-180s120 60 120 180c0 120-50 190-120 190s-120-70-120-190z" fill="#8d5a3f" />
      <path d="M508 350c-12-140 50-210 132-210s144 70 132 210c-20-70-50-120-132-120s-112 50-132 120z" fill="#2b2122" />
      <path
        d="M566 340q24-14 48 0M666 340q24-14 48 0"
        fill="none"
        stroke="#3a2620"
        strokeWidth="6"
        strokeLinecap="round"
      />
      <circle cx="590" cy="364" r="7" fill="#201514" />
      <circle cx="690" cy="364" r="7" fill="#201514" />
      <path d="M598 452q42 36 84 0" fill="none" stroke="#5d2c22" strokeWidth="8" strokeLinecap="round" />
      <path d="M640 380q-14 34 6 40" fill="none" stroke="#6d422d" strokeWidth="6" strokeLinecap="round" />
      <path
        d="M540 560c-20 120 40 170 60 190M740 560c30 90-10 140-40 150"
        fill="none"
        stroke="#33474d"
        strokeWidth="12"
        strokeLinecap="round"
      />
      <circle cx="696" cy="722" r="20" fill="#33474d" />
    </svg>
  );
}
