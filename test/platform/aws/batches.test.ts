import fc from 'fast-check';
import { batchesOf } from '#platform/aws/batches.ts';

test('batches keep every member, in order, and both limits', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 120 })), fc.integer({ min: 1, max: 12 }), (sizes, most) => {
      const batches = batchesOf(sizes, (size) => size, { most, mostBytes: 100 });
      expect(batches.flat()).toEqual(sizes);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(most);
        const bytes = batch.reduce((sum, size) => sum + size, 0);
        expect(batch.length === 1 || bytes <= 100).toBe(true);
      }
    }),
  );
});
