import { describe, expect, it } from 'vitest';
import { isEnglish } from './language.js';

describe('isEnglish', () => {
  it.each([
    'Where is my parcel? It should have been here on Monday.',
    'great fit lovely colour',
    'Ok lor, i reach home then call u. Got food or not?',
    'Ooo la la! So chic!',
    'Ha ha ha cool cool',
    'ok c ü then',
    'A café in Zürich sold me a risqué négligé and I love it',
    'thanks',
    '',
    '12 <phone> !!! 👍🏽',
  ])('takes %j for English', (text) => {
    expect(isEnglish(text)).toBe(true);
  });

  it.each([
    ['German', 'Wo ist mein Paket? Ich warte schon seit zwei Wochen und habe nichts gehört.'],
    ['French', 'Je n’ai pas reçu ma commande et le service ne répond pas.'.replace('’', "'")],
    ['Spanish', 'Todavía no he recibido mi pedido y nadie me contesta por teléfono.'],
    ['Italian', 'Il vestito è molto bello ma la taglia non è quella che ho ordinato.'],
    ['Portuguese', 'O vestido chegou com um defeito e não consigo falar com o serviço.'],
    ['Dutch', 'Ik heb het pakket niet ontvangen en wacht al een week op antwoord.'],
    ['Polish', 'Paczka nie przyszła i nikt nie odpowiada na moje pytania.'],
    ['Turkish, which only its accents tell', 'Siparişim hâlâ gelmedi, müşteri hizmetleri çağrılarıma cevap vermiyor.'],
    ['Greek', 'Πού είναι το δέμα μου;'],
    ['Russian with a brand', 'Где мой заказ Nike?'],
    ['Japanese', '荷物がまだ届きません'],
    ['Arabic', 'أين طلبي؟'],
  ])('does not take %s for English', (_, text) => {
    expect(isEnglish(text)).toBe(false);
  });
});
