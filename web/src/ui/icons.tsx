import type { ReactNode } from 'react';

interface IconProps {
  className?: string;
}

/** A line icon on a 24 px grid, drawn for this client. Decorative: the control that has it carries the name. */
function Line({
  className = 'size-5',
  width = 1.8,
  children,
}: IconProps & { width?: number; children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      className={className}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export function SendIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M4.5 12 3.600 5.300c-.1-.8.7-1.400 1.400-1.100l15 6.900c.7.4.7 1.400 0 1.800l-15 6.900c-.7.3-1.500-.3-1.400-1.100L4.500 12Zm0 0h8" />
    </Line>
  );
}

export function PenIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M12.500 4.500H7a3 3 0 0 0-3 3V17a3 3 0 0 0 3 3h9.500a3 3 0 0 0 3-3v-5.500" />
      <path d="m10 14 .6-2.800L18 3.800a1.550 1.550 0 0 1 2.200 2.200l-7.400 7.400L10 14Z" />
    </Line>
  );
}

export function SearchIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="m20 20-4.300-4.300M17.500 11a6.500 6.500 0 1 1-13 0 6.500 6.500 0 0 1 13 0Z" />
    </Line>
  );
}

export function BackIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M15 5 8 12l7 7" />
    </Line>
  );
}

export function DownIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M12 5v14m0 0 6-6m-6 6-6-6" />
    </Line>
  );
}

export function CloseIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M6 6l12 12M18 6 6 18" />
    </Line>
  );
}

export function LogoutIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M14 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v12a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2v-2M9.500 12H21m0 0-3.500-3.500M21 12l-3.500 3.500" />
    </Line>
  );
}

export function DeviceIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M4 5.500h16v10H4zM2.500 19h19M9.500 15.500v3.400M14.500 15.500v3.400" />
    </Line>
  );
}

export function ClockIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M12 7v5l3 2m5.500-2a8.500 8.500 0 1 1-17 0 8.500 8.500 0 0 1 17 0Z" />
    </Line>
  );
}

export function WarnIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M12 8v5m0 3.200v.1m9-4.300a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z" />
    </Line>
  );
}

export function ImageIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M4 7.500A2.500 2.500 0 0 1 6.500 5h11A2.500 2.500 0 0 1 20 7.500v9a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 16.500zM4.500 16l4-4 3.500 3.500 2.500-2.500 5 4.500M16 9.300v.1" />
    </Line>
  );
}

export function ForwardIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="m9 5 7 7-7 7" />
    </Line>
  );
}

export function PlusIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M12 5v14M5 12h14" />
    </Line>
  );
}

export function MinusIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="M5 12h14" />
    </Line>
  );
}

export function DownloadIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M12 4v11m0 0 4.500-4.500M12 15l-4.500-4.500M5 20h14" />
    </Line>
  );
}

export function CopyIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M9 9.500A1.500 1.500 0 0 1 10.500 8h8A1.500 1.500 0 0 1 20 9.500v9a1.500 1.500 0 0 1-1.500 1.500h-8A1.500 1.500 0 0 1 9 18.500zM5.500 15.500A1.500 1.500 0 0 1 4 14V5.500A1.500 1.500 0 0 1 5.500 4H14a1.500 1.500 0 0 1 1.500 1.500" />
    </Line>
  );
}

export function MailIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M3.500 7.500A2.500 2.500 0 0 1 6 5h12a2.500 2.500 0 0 1 2.500 2.500v9A2.500 2.500 0 0 1 18 19H6a2.500 2.500 0 0 1-2.500-2.500zM4 7.500l6.700 5a2.200 2.200 0 0 0 2.600 0l6.700-5" />
    </Line>
  );
}

export function CheckIcon(props: IconProps) {
  return (
    <Line {...props} width={2}>
      <path d="m5 12.500 4.500 4.500L19 7.500" />
    </Line>
  );
}

export function ChatIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M12 4c-5 0-9 3.200-9 7.300 0 2.300 1.300 4.400 3.300 5.700 0 1.100-.5 2.100-1.200 2.900-.2.3 0 .7.4.600 1.800-.2 3.300-.9 4.400-1.900.7.100 1.400.200 2.100.200 5 0 9-3.300 9-7.500S17 4 12 4Z" />
    </Line>
  );
}

export function UserIcon(props: IconProps) {
  return (
    <Line {...props}>
      <path d="M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0ZM5 20c.600-3.500 3.500-5.500 7-5.500s6.400 2 7 5.500" />
    </Line>
  );
}

/** One or two ticks. The shape tells sent from delivered; seen also has the colour. */
export function TickIcon({ double }: { double: boolean }) {
  return (
    <svg
      aria-hidden="true"
      className="h-3 w-[1.15rem]"
      viewBox="0 0 19 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {double ? (
        <path d="m1.500 6.500 3.500 3.500L12 2.500M8 9.200l.8.8 7.200-7.500" />
      ) : (
        <path d="m4.500 6.500 3.500 3.500L15 2.500" />
      )}
    </svg>
  );
}
