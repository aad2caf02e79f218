import { Controller, Inject } from '@nestjs/common';
import type { Disposition } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import { callbackTask } from '@millrace/engine';
import { Message } from '@millrace/platform';
import { CallbackDelivery } from '@millrace/webhooks';
import type { Execution } from '@millrace/worker';

@Controller()
export class CallbackController {
  constructor(@Inject(CallbackDelivery) private readonly delivery: CallbackDelivery) {}

  @Message(callbackTask)
  deliver(message: TaskMessage, execution: Execution): Promise<Disposition> {
    return this.delivery.execute(message, execution);
  }
}
