// The people of this demonstration, and their conversations. A real clinic has these in its database.
export type Role = 'doctor' | 'customer' | 'consultant' | 'admin';

export interface Person {
  id: string;
  role: Role;
  name: { en: string; zh: string };
  about: { en: string; zh: string };
}

export interface Conversation {
  id: string;
  title: string;
  participants: readonly string[];
  /** The messages from before the demonstration began. */
  opening: readonly { from: string; text: string }[];
}

export const people: readonly Person[] = [
  {
    id: 'dr-lin',
    role: 'doctor',
    name: { en: 'Dr. Lin', zh: '林医生' },
    about: { en: 'Orthopaedics', zh: '骨科' },
  },
  {
    id: 'mei-wang',
    role: 'customer',
    name: { en: 'Mei Wang', zh: '王梅' },
    about: { en: 'Knee, after surgery', zh: '膝关节术后' },
  },
  {
    id: 'tom-baker',
    role: 'customer',
    name: { en: 'Tom Baker', zh: '汤姆·贝克' },
    about: { en: 'Shoulder pain', zh: '肩痛' },
  },
  {
    id: 'zhou',
    role: 'consultant',
    name: { en: 'Zhou Yan', zh: '周颜' },
    about: { en: 'Physiotherapy', zh: '康复理疗' },
  },
  {
    id: 'ada-berg',
    role: 'admin',
    name: { en: 'Ada Berg', zh: '艾达·贝格' },
    about: { en: 'Reception', zh: '前台' },
  },
];

export const conversations: readonly Conversation[] = [
  {
    id: 'lin-mei',
    title: 'Knee, after surgery',
    participants: ['dr-lin', 'mei-wang'],
    opening: [
      { from: 'mei-wang', text: '林医生您好，今天膝盖还是有点肿。' },
      { from: 'dr-lin', text: '术后第五天有些肿是正常的。请每天冰敷三次，每次十五分钟。' },
      { from: 'mei-wang', text: '好的，谢谢！可以开始练习弯曲了吗？' },
    ],
  },
  {
    id: 'lin-tom',
    title: 'Shoulder pain',
    participants: ['dr-lin', 'tom-baker'],
    opening: [
      { from: 'tom-baker', text: 'Good morning. The pain is mostly at night, when I lie on my left side.' },
      { from: 'dr-lin', text: 'Thank you, that helps. Does it hurt when you lift your arm above the shoulder?' },
      { from: 'tom-baker', text: 'Yes, especially reaching backwards.' },
    ],
  },
  {
    id: 'zhou-mei',
    title: 'Exercises',
    participants: ['zhou', 'mei-wang'],
    opening: [{ from: 'zhou', text: '王女士，您的第一周练习计划已经准备好了。' }],
  },
  {
    id: 'care-team',
    title: 'Care team',
    participants: ['dr-lin', 'zhou'],
    opening: [
      { from: 'dr-lin', text: 'Could you see Mei this week? She may bend up to 60 degrees.' },
      { from: 'zhou', text: 'Thursday at ten. I will send her the plan today.' },
    ],
  },
];

export function findPerson(id: unknown): Person | undefined {
  return people.find((person) => person.id === id);
}
