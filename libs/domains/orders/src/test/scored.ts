import { anomalyModel } from '../anomalies/model.js';
import { scoreLines } from '../anomalies/anomalies.task.js';
import { LinePeers } from '../anomalies/features.js';
import type { OrderDataset } from '../dataset/order-dataset.js';
import { featureNames as repurchaseFeatures, ratedCustomers } from '../repurchase/features.js';
import { repurchaseModel } from '../repurchase/model.js';
import { featureNames as returnFeatures, purchasesOf } from '../returns/features.js';
import { returnModel } from '../returns/model.js';
import { wordWeights } from '../returns/words.js';
import { featureNames as revenueFeatures, outlookOf } from '../revenue/outlook.js';
import { revenueModel } from '../revenue/model.js';
import { salesOf } from '../revenue/sales.js';
import { namedRows, scoreRows } from '../score-rows.js';
import { buyersOf, clusterFeatures } from '../segments/cluster-features.js';
import { clusterModel } from '../segments/cluster-model.js';
import type { TaskContext } from '@millrace/tasks';

/** Features and scores of everything that the models rate, not only of what insights list; for specs. */
export class Scored {
  constructor(
    readonly ctx: Pick<TaskContext, 'model' | 'signal'>,
    readonly dataset: OrderDataset,
  ) {}

  async clusters() {
    const buyers = buyersOf(this.dataset);
    const distances = await scoreRows(this.ctx.model(clusterModel), namedRows(clusterFeatures, buyers.map(({ features }) => features)), this.ctx.signal);
    return { buyers, distances };
  }

  async repurchase() {
    const customers = ratedCustomers(this.dataset);
    const scores = await scoreRows(this.ctx.model(repurchaseModel), namedRows(repurchaseFeatures, customers.map(({ features }) => features)), this.ctx.signal);
    return { customers, scores };
  }

  async returns() {
    const purchases = purchasesOf(this.dataset, wordWeights);
    const scores = await scoreRows(this.ctx.model(returnModel), namedRows(returnFeatures, purchases.map(({ features }) => features)), this.ctx.signal);
    return { purchases, scores };
  }

  async revenue() {
    const sales = salesOf(this.dataset);
    const outlook = outlookOf(sales);
    const rows = outlook ? [outlook.features] : [];
    return { sales, outlook, scores: await scoreRows(this.ctx.model(revenueModel), namedRows(revenueFeatures, rows), this.ctx.signal) };
  }

  anomalies(): Promise<Float32Array> {
    return scoreLines(this.ctx.model(anomalyModel), new LinePeers(this.dataset), this.dataset.lines.row.length, this.ctx.signal);
  }
}
