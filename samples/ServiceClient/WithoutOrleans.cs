using IncidentActors.Orleans;

Console.Error.WriteLine(OrleansHosting.Missing);
return 2;
