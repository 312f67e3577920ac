// What every page of the station needs of a script: nothing is sent from here that the page itself could not send.
"use strict";
