using System.Text;
using IncidentActors.Cli;
using IncidentActors.Cli.Terminals;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await CommandLine.RunAsync(args, Terminal.Real());
