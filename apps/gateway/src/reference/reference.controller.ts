import { Controller, Get, Header, Inject, NotFoundException, Param } from '@nestjs/common';
import { catalogue, contractJsonSchema, type JsonSchema } from '@signalbox/contracts';
import { asyncApiDocument, cataloguePage } from '@signalbox/contracts/reference';
import { SourceBook } from '../sources/source-book.js';
import { openApiDocument } from './openapi.js';

/** What senders and readers of events build on, as this process has it. */
@Controller()
export class ReferenceController {
  constructor(@Inject(SourceBook) private readonly book: SourceBook) {}

  @Get('events.html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
  )
  events(): string {
    return cataloguePage(catalogue);
  }

  @Get('openapi.json')
  openapi(): JsonSchema {
    return openApiDocument(this.book.sources);
  }

  @Get('asyncapi.json')
  asyncapi(): JsonSchema {
    return asyncApiDocument(catalogue);
  }

  @Get('schemas/:file')
  @Header('content-type', 'application/schema+json; charset=utf-8')
  schema(@Param('file') file: string): string {
    const [, type = '', flat] = /^([a-z_.]+?)(\.flat)?\.json$/.exec(file) ?? [];
    const contract = catalogue.get(type);
    if (!contract || (flat && !contract.flat)) throw new NotFoundException();
    return JSON.stringify(contractJsonSchema(contract, flat ? 'flat' : 'data'));
  }
}
