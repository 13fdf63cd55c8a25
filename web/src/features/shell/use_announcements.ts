import { useEffect } from 'react';
import { whenEvent } from '../../sync/account';
import { isNews } from '../../sync/events';
import { Speaker } from './speaker';

export function useAnnouncements(): void {
  useEffect(() => {
    const speaker = new Speaker();
    whenEvent((event) => {
      if (event.event === 'newMessage' && isNews(event)) speaker.speak(event.data);
    });
    return () => {
      whenEvent(() => {});
      speaker.close();
    };
  }, []);
}
