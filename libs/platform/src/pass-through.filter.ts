import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/** Hands on the original error, whose code says whether to retry; Nest's own filter would replace it. */
@Catch()
export class PassThroughFilter implements RpcExceptionFilter<unknown> {
  catch(err: unknown): Observable<never> {
    return throwError(() => err);
  }
}
